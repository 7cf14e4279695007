/**
 * Commands that ask a running node over HTTP, and what they print. Knows no broker and no
 * Hazelcast. {@code cli} calls in.
 */
@NullMarked
package dev.limpet.cluster.cli.client;

import org.jspecify.annotations.NullMarked;
