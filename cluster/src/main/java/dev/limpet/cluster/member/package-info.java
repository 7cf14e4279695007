/**
 * Who is in the cluster and who owns which partition, told by Hazelcast.
 *
 * <p>The only place that configures, starts and stops Hazelcast. No claim, route or frame lives
 * here. The other packages of the cluster call in and are told of changes through {@link
 * dev.limpet.cluster.member.MemberWatcher}.
 */
@NullMarked
package dev.limpet.cluster.member;

import org.jspecify.annotations.NullMarked;
