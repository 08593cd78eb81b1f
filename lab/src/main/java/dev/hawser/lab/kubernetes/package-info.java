/**
 * Real Kubernetes on laboratory hosts: API servers alone, or whole clusters.
 *
 * <p>{@link dev.hawser.lab.kubernetes.KubernetesBinaries} builds the programs once, {@link
 * dev.hawser.lab.kubernetes.ControlPlane} runs etcd and kube-apiserver on a host, {@link
 * dev.hawser.lab.kubernetes.ClusterPki} gives them certificates, {@link dev.hawser.lab.kubernetes.Kubeconfig} and {@link
 * dev.hawser.lab.kubernetes.Kubectl} reach them, and {@link dev.hawser.lab.kubernetes.Manifests} are applied to them.
 * With these alone there is no controller manager, so nobody collects garbage, makes default ServiceAccounts or finishes
 * the deletion of namespaces. {@link dev.hawser.lab.kubernetes.Cluster} adds what is missing and a node that runs pods,
 * with {@link dev.hawser.lab.kubernetes.NodePackages}; {@link dev.hawser.lab.kubernetes.PodProcesses} finds them from
 * outside. This package does not know Hawser's own kinds.
 */
@NullMarked
package dev.hawser.lab.kubernetes;

import org.jspecify.annotations.NullMarked;
