// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * What distinguishes one cluster's control plane from another's.
 *
 * @param serviceCidrs ranges of the ClusterIPs, one per family; the first usable address of the first is that of Service
 *     {@code default/kubernetes}
 * @param addresses where else the API server is reached: addresses and names for its certificate, the first of them the
 *     one it advertises
 */
public record ControlPlaneSpec(List<String> serviceCidrs, List<String> addresses) {
    public ControlPlaneSpec {
        serviceCidrs = List.copyOf(serviceCidrs);
        addresses = List.copyOf(addresses);
        serviceCidrs.forEach(cidr -> {
            if (cidr.indexOf('/') < 0) {
                throw new IllegalArgumentException(
                        "service range \"" + cidr + "\" is no prefix; write it as 10.96.0.0/16");
            }
        });
    }

    /** A control plane of one family. */
    public ControlPlaneSpec(String serviceCidr, List<String> addresses) {
        this(List.of(serviceCidr), addresses);
    }

    /** The first usable address of the service range, under which pods know the API server. */
    public String firstServiceAddress() {
        return serviceAddress(1);
    }

    /** The n-th address of the first service range. */
    String serviceAddress(int n) {
        String serviceCidr = serviceCidrs.getFirst();
        String network = serviceCidr.substring(0, serviceCidr.indexOf('/'));
        try {
            byte[] bytes = InetAddress.getByName(network).getAddress();
            byte[] wanted = new BigInteger(1, bytes).add(BigInteger.valueOf(n)).toByteArray();
            byte[] padded = new byte[bytes.length];
            int length = Math.min(wanted.length, padded.length);
            System.arraycopy(wanted, wanted.length - length, padded, padded.length - length, length);
            return InetAddress.getByAddress(padded).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("service range " + serviceCidr + " does not begin with an address", e);
        }
    }
}
