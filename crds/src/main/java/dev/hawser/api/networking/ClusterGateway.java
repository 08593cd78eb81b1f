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
 * The identity of this cluster and of its gateway.
 */
@Group("networking.hawser.dev")
@Version("v1alpha1")
@Kind("ClusterGateway")
@ShortNames("cgw")
@Categories("hawser")
@AdditionalPrinterColumn(name = "Cluster", jsonPath = ".spec.clusterID", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Endpoint", jsonPath = ".status.endpoints", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Peers", jsonPath = ".status.peers", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Active", jsonPath = ".status.activePod", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Pod CIDRs",
        jsonPath = ".spec.podCIDRs",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "External CIDRs",
        jsonPath = ".spec.externalCIDRs",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public final class ClusterGateway extends CustomResource<ClusterGatewaySpec, ClusterGatewayStatus>
        implements Namespaced {
    @java.io.Serial
    private static final long serialVersionUID = 1L;
}
