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
 * The tunnel to one peer and its health.
 */
@Group("networking.hawser.dev")
@Version("v1alpha1")
@Kind("Connection")
@ShortNames("conn")
@Categories("hawser")
@AdditionalPrinterColumn(name = "Peer", jsonPath = ".spec.clusterID", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Status", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Endpoint", jsonPath = ".status.endpoint", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Latency", jsonPath = ".status.latency.p50", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class Connection extends CustomResource<ConnectionSpec, ConnectionStatus> implements Namespaced {
    @java.io.Serial
    private static final long serialVersionUID = 1L;
}
