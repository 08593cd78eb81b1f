// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.ConfigurationSpec;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.PeeringStatus;

/** One thing to do for a Peering because an object is not as it should be. Doing it twice does no harm. */
public sealed interface Action {
    /** What is done and why, for the log. */
    String explain();

    /** A Network is to claim a name for a range of the peer. */
    record ClaimNetwork(String name, NetworkSpec spec) implements Action {
        @Override
        public String explain() {
            return "claim Network " + name + " for " + spec.cidr();
        }
    }

    /** The Configuration is to say these ranges. */
    record PutConfiguration(ConfigurationSpec spec) implements Action {
        @Override
        public String explain() {
            return "write the Configuration's ranges";
        }
    }

    /** The Configuration is to say these names. */
    record PutConfigurationStatus(ConfigurationStatus status) implements Action {
        @Override
        public String explain() {
            return "write the Configuration's remaps: pods " + status.remappedPodCIDRs() + ", external "
                    + status.remappedExternalCIDRs();
        }
    }

    /** The gateway is to know the peer so. */
    record PutConnection(ConnectionSpec spec) implements Action {
        @Override
        public String explain() {
            return "write the Connection: " + spec.publicKeys().size() + " keys, endpoints " + spec.endpoints();
        }
    }

    /** The peer's identity here, and its right to read its Advertisement, are to exist. */
    record AdmitPeer() implements Action {
        @Override
        public String explain() {
            return "write ServiceAccount, Role and RoleBinding of the peer";
        }
    }

    /** The peer is to be told this. */
    record PutAdvertisement(AdvertisementSpec spec) implements Action {
        @Override
        public String explain() {
            return "write the Advertisement for the peer";
        }
    }

    /** What the peer says that it has seen. */
    record PutAdvertisementStatus(AdvertisementStatus status) implements Action {
        @Override
        public String explain() {
            return "note what the peer acknowledged: " + status.acknowledged();
        }
    }

    /** The kubeconfig for the peer's API server is to be this text; it holds no secret of anybody. */
    record PutKubeconfig(String text) implements Action {
        @Override
        public String explain() {
            return "write the kubeconfig Secret";
        }
    }

    /** The Peering is to say how it does. */
    record PutPeeringStatus(PeeringStatus status) implements Action {
        @Override
        public String explain() {
            return "write the Peering's status";
        }
    }

    /** People are to know. */
    record Tell(boolean warning, String reason, String message) implements Action {
        @Override
        public String explain() {
            return "tell: " + reason + ": " + message;
        }
    }
}
