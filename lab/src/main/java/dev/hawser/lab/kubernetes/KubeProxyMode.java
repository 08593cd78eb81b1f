// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

/** How kube-proxy programs the kernel of a node. */
public enum KubeProxyMode {
    /** Tables of its own, which other rules meet only in order of priority. */
    NFTABLES("nftables"),
    /** Chains in the tables that iptables shares with everybody; drops TCP that it has seen only half of. */
    IPTABLES("iptables");

    private final String mode;

    KubeProxyMode(String mode) {
        this.mode = mode;
    }

    /** As kube-proxy's configuration names it. */
    String mode() {
        return mode;
    }
}
