/**
 * The ledger: who holds which block and which single address, and who gets what next.
 *
 * <p>{@link dev.hawser.ipam.ledger.Ledger} (blocks) and {@link dev.hawser.ipam.ledger.ExposureLedger} (addresses of
 * exposures) are values made of what the custom resources say. Deciding changes nothing: a round names the decisions
 * and the intents to write by compare-and-swap before any object is touched. The same state and the same requests give
 * the same round in every process, so that controllers that both believe to lead cannot disagree for long.
 *
 * <p>Must not know Kubernetes, custom-resource types, time or threads; objects are names for messages here.
 */
@NullMarked
package dev.hawser.ipam.ledger;

import org.jspecify.annotations.NullMarked;
