// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One local address made reachable for named peers through the external CIDR (an exposure).
 *
 * <p>The plural is {@code ip} on purpose: Kubernetes has a built-in kind with the short name {@code ip}, and only an exact
 * resource name wins against it in {@code kubectl get ip}.
 */
@Group("ipam.hawser.dev")
@Version("v1alpha1")
@Kind("IP")
@Plural("ip")
@Singular("ip")
@Categories("hawser")
@AdditionalPrinterColumn(name = "Local IP", jsonPath = ".status.ip", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Remapped IPs",
        jsonPath = ".status.ipMappings",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class IP extends CustomResource<IPSpec, IPStatus> implements Namespaced {
    @java.io.Serial
    private static final long serialVersionUID = 1L;
}
