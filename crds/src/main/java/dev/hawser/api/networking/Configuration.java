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
 * How the ranges of one peer are named here.
 */
@Group("networking.hawser.dev")
@Version("v1alpha1")
@Kind("Configuration")
@ShortNames("conf")
@Categories("hawser")
@AdditionalPrinterColumn(
        name = "Desired Pod CIDR",
        jsonPath = ".spec.remote.podCIDRs",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Remapped Pod CIDR",
        jsonPath = ".status.remappedPodCIDRs",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Desired Ext CIDR",
        jsonPath = ".spec.remote.externalCIDRs",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Remapped Ext CIDR",
        jsonPath = ".status.remappedExternalCIDRs",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class Configuration extends CustomResource<ConfigurationSpec, ConfigurationStatus> implements Namespaced {
    @java.io.Serial
    private static final long serialVersionUID = 1L;
}
