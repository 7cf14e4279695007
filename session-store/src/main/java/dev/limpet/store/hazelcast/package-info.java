/**
 * Contains all uses of Hazelcast's non-public API in the project: operations sent to the owners of
 * partitions, a look at the copies a member keeps, the predicate that uses indexes, whether a
 * member knows its master, and how it promotes and moves partitions.
 *
 * <p>Knows no sessions and no claims: callers hand in processors and steps. The store, and the
 * {@code cluster} module, call in. An upgrade of Hazelcast begins here.
 */
@NullMarked
package dev.limpet.store.hazelcast;

import org.jspecify.annotations.NullMarked;
