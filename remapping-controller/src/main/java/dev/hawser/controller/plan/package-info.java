/**
 * What should be, given what is: pure functions from observed objects to desired ones.
 *
 * <p>{@link dev.hawser.controller.plan.PeeringPlan} turns one Peering and everything around it into a list of
 * {@link dev.hawser.controller.plan.Action}s, each able to say why; {@link dev.hawser.controller.plan.IpPlan} decides
 * about one exposure, {@link dev.hawser.controller.plan.BlockPlan} about remapped ranges and
 * {@link dev.hawser.controller.plan.AddressPlan} about single external addresses.
 *
 * <p>Knows no Kubernetes client, no clock and no cache: specs and statuses are records, time is an argument. An object
 * that is already as it should be yields no action, so every plan may be made again at any time.
 */
@NullMarked
package dev.hawser.controller.plan;

import org.jspecify.annotations.NullMarked;
