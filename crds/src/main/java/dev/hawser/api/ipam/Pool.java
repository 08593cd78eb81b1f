// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The space that names for peer ranges are granted from.
 */
@Group("ipam.hawser.dev")
@Version("v1alpha1")
@Kind("Pool")
@ShortNames("pool")
@Categories("hawser")
@AdditionalPrinterColumn(name = "CIDRs", jsonPath = ".spec.cidrs", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type=='Ready')].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "IPv4 Used",
        jsonPath = ".status.usage[?(@.family=='IPv4')].used",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "IPv4 Free",
        jsonPath = ".status.usage[?(@.family=='IPv4')].free",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "IPv6 Used",
        jsonPath = ".status.usage[?(@.family=='IPv6')].used",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "IPv6 Free",
        jsonPath = ".status.usage[?(@.family=='IPv6')].free",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class Pool extends CustomResource<PoolSpec, PoolStatus> implements Namespaced {
    @java.io.Serial
    private static final long serialVersionUID = 1L;
}
