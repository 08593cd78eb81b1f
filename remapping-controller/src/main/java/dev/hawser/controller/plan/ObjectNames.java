// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Role;

/** Names of the objects that the controller makes or looks for, all functions of what they are for. */
public final class ObjectNames {
    /** The one ClusterGateway. */
    public static final String CLUSTER_GATEWAY = "this";

    /** The one Pool that remapped ranges come from. */
    public static final String POOL = "default";

    /** The IP through which peers reach our API server, in the namespace of Hawser. */
    public static final String API_SERVER_PROXY = "api-server-proxy";

    private ObjectNames() {}

    /** The Network of one of our external CIDRs. */
    public static String externalNetwork(Cidr cidr) {
        return "external-" + slug(cidr);
    }

    /** The Network that names a range of a peer. */
    public static String remappedNetwork(String peerID, Role role, Cidr cidr) {
        return peerID + "-" + role.word() + "-" + slug(cidr);
    }

    /** The Secret with the token that opens the peer's Advertisement for us, unless the Peering names another. */
    public static String credentialSecret(String peerID) {
        return "peer-" + peerID + "-credential";
    }

    /** The Secret with a kubeconfig for the peer's API server. */
    public static String kubeconfigSecret(String peerID) {
        return "peer-" + peerID + "-kubeconfig";
    }

    /** An object name admits letters, digits, dots and dashes; a label begins and ends with a letter or digit. */
    private static String slug(Cidr cidr) {
        String text = cidr.toString();
        return text.contains(":") ? "v6-" + text.replace(':', '-').replace('/', '-') : text.replace('/', '-');
    }
}
