/** Commands that ask a running node over HTTP, and what they print. The executable calls in. */
@NullMarked
package dev.limpet.cluster.cli.client;

import org.jspecify.annotations.NullMarked;
