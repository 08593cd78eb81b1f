// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * The wish to be moored to another cluster, and how far it has come.
 */
@Group("networking.hawser.dev")
@Version("v1alpha1")
@Kind("Peering")
@ShortNames("peer")
@Categories("hawser")
@AdditionalPrinterColumn(name = "Cluster", jsonPath = ".spec.clusterID", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type=='Ready')].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Connection",
        jsonPath = ".status.connection",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Latency", jsonPath = ".status.latency", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "API Server",
        jsonPath = ".status.apiServer.address",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "self.metadata.name == self.spec.clusterID",
        message = "name a Peering after the peer: metadata.name must equal spec.clusterID")
public final class Peering extends CustomResource<PeeringSpec, PeeringStatus> implements Namespaced {
    @java.io.Serial
    private static final long serialVersionUID = 1L;
}
