/**
 * Tracks the members of the cluster and the owners of partitions, as Hazelcast reports them.
 *
 * <p>The only package that starts and stops Hazelcast; the owners of its maps contribute their part
 * of the configuration. No claim, route or frame lives here. The other packages of the cluster call
 * in and are told of changes through {@link dev.limpet.cluster.member.MemberWatcher}.
 */
@NullMarked
package dev.limpet.cluster.member;

import org.jspecify.annotations.NullMarked;
