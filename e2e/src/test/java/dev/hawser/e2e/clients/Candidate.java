// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

/** Something that talks to API servers, or would if it could be had here. */
sealed interface Candidate permits Client, Absence {}
