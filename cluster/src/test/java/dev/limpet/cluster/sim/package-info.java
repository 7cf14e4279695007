/**
 * Simulates a whole cluster in one thread: seeded, so that a number repeats a run.
 *
 * <p>Real: the rules of stored sessions ({@code SessionCell}, {@code DurableSession.unite}, the
 * inbox), the directory's steps and its merge policy, the view, its lease and wire form, and the
 * audit's rule for claims. Modelled, after the code they stand for: Hazelcast (members, partitions
 * with one backup, promotion, migration, merge), peer links, routes and their recovery, the group
 * commit, the durable path, CONNECT, takeover and release, inbox readers, wills, the audit's
 * rounds. Left out: the codec, sockets, TLS, retained messages, share groups, QoS 0, expiry,
 * overload, orderly stops and the watchdog, whose healing of a promotion is a delay here.
 *
 * <p>What it has found and is not mended is left out of its checks, or modelled as if it were: the
 * order across a change of home (an append of the old home may be overtaken by one of the new), the
 * will of a connection whose claim was repeated behind another one's, or was made or released by a
 * node that was cut off, reads of what no backup has yet ({@code Planted.UNSAFE_READ}), and even
 * splits in which Hazelcast takes the side without majority for the larger one. Where both sides of
 * a split serve it checks only that nothing acknowledged is lost and that all agree in the end.
 */
@NullMarked
package dev.limpet.cluster.sim;

import org.jspecify.annotations.NullMarked;
