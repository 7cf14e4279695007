/**
 * Holds the commands that query a running node over HTTP, and print its answers. Knows no broker
 * and no Hazelcast. {@code cli} calls in.
 */
@NullMarked
package dev.limpet.cluster.cli.client;

import org.jspecify.annotations.NullMarked;
