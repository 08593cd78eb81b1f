// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The identity of a peer in this cluster and all it may do: read the one Advertisement that is for it, and renew its own
 * token. Safe for any thread.
 */
final class PeerAccess {
    private static final String RBAC = "rbac.authorization.k8s.io";

    private final KubernetesClient client;
    private final ClusterView view;
    private final String namespace;

    PeerAccess(KubernetesClient client, ClusterView view, Scope scope) {
        this.client = client;
        this.view = view;
        this.namespace = scope.peersNamespace();
    }

    /** Whether the three objects are as they should be, as far as the view tells. */
    boolean stands(String peerID) {
        return view.account(namespace, peerID).isPresent()
                && view.role(namespace, peerID)
                        .filter(role -> role.getRules().equals(rules(peerID)))
                        .isPresent()
                && view.binding(namespace, peerID)
                        .filter(binding -> sameAs(binding, binding(peerID)))
                        .isPresent();
    }

    /** Makes the three objects be as they should. */
    void grant(String peerID) {
        ServiceAccount account = new ServiceAccountBuilder()
                .withMetadata(metadata(peerID))
                .withAutomountServiceAccountToken(false)
                .build();
        if (view.account(namespace, peerID).isEmpty()) {
            client.resource(account).createOr(existing -> existing.update());
        }
        if (view.role(namespace, peerID)
                .filter(role -> role.getRules().equals(rules(peerID)))
                .isEmpty()) {
            client.resource(role(peerID)).createOr(existing -> existing.update());
        }
        // The referred role of a binding cannot change, so a wrong binding goes first.
        RoleBinding wanted = binding(peerID);
        Optional<RoleBinding> live = view.binding(namespace, peerID);
        live.filter(binding -> !sameAs(binding, wanted))
                .ifPresent(binding -> client.resource(binding).delete());
        if (live.filter(binding -> sameAs(binding, wanted)).isEmpty()) {
            client.resource(wanted).createOr(existing -> existing.update());
        }
    }

    /** Takes the identity and its rights away. */
    void revoke(String peerID) {
        client.serviceAccounts().inNamespace(namespace).withName(peerID).delete();
        client.rbac().roleBindings().inNamespace(namespace).withName(peerID).delete();
        client.rbac().roles().inNamespace(namespace).withName(peerID).delete();
    }

    private Role role(String peerID) {
        return new RoleBuilder()
                .withMetadata(metadata(peerID))
                .withRules(rules(peerID))
                .build();
    }

    private static List<PolicyRule> rules(String peerID) {
        return List.of(
                new PolicyRuleBuilder()
                        .withApiGroups("networking.hawser.dev")
                        .withResources("advertisements")
                        .withResourceNames(peerID)
                        .withVerbs("get", "list", "watch")
                        .build(),
                new PolicyRuleBuilder()
                        .withApiGroups("")
                        .withResources("serviceaccounts/token")
                        .withResourceNames(peerID)
                        .withVerbs("create")
                        .build());
    }

    private RoleBinding binding(String peerID) {
        return new RoleBindingBuilder()
                .withMetadata(metadata(peerID))
                .withNewRoleRef(RBAC, "Role", peerID)
                .addNewSubject("", "ServiceAccount", peerID, namespace)
                .build();
    }

    private static boolean sameAs(RoleBinding is, RoleBinding wanted) {
        return Objects.equals(is.getRoleRef(), wanted.getRoleRef())
                && is.getSubjects().size() == 1
                && "ServiceAccount".equals(is.getSubjects().getFirst().getKind())
                && Objects.equals(
                        is.getSubjects().getFirst().getName(),
                        wanted.getSubjects().getFirst().getName())
                && Objects.equals(
                        is.getSubjects().getFirst().getNamespace(),
                        wanted.getSubjects().getFirst().getNamespace());
    }

    private ObjectMeta metadata(String peerID) {
        return new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(peerID)
                .withLabels(Writer.LABELS)
                .build();
    }
}
