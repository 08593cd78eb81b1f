// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What this cluster tells the one peer it is named after; the only object that peer may read.
 */
@Group("networking.hawser.dev")
@Version("v1alpha1")
@Kind("Advertisement")
@ShortNames("adv")
@Categories("hawser")
@AdditionalPrinterColumn(name = "For", jsonPath = ".metadata.name", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Endpoints", jsonPath = ".spec.endpoints", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Acknowledged",
        jsonPath = ".status.acknowledged.generation",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class Advertisement extends CustomResource<AdvertisementSpec, AdvertisementStatus> implements Namespaced {
    @java.io.Serial
    private static final long serialVersionUID = 1L;
}
