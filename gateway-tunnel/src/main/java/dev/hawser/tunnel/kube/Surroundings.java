// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan depends on besides the objects.
 *
 * @param keys nothing until the Secret could be read
 * @param resolved addresses of host names, as far as they are known
 * @param lastEndpoints by Connection: the endpoint that worked before this process started
 * @param deviceMtu largest packet that the tunnel device was opened for
 */
record Surroundings(
        Optional<KeyMaterial> keys,
        Map<String, List<IpAddress>> resolved,
        Map<String, String> lastEndpoints,
        int deviceMtu) {
    Surroundings {
        resolved = Map.copyOf(resolved);
        lastEndpoints = Map.copyOf(lastEndpoints);
    }
}
