/** Tests of hosts and links on real namespaces; they need root and are skipped with a reason without it. */
@NullMarked
package dev.hawser.lab.net;

import org.jspecify.annotations.NullMarked;
