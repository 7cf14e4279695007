/**
 * The only room that touches what is not Hazelcast's public API: operations sent to the owners of
 * partitions, a look at the copies a member keeps, and the predicate that uses indexes. The {@code
 * cluster} module's room uses it, too. An upgrade of Hazelcast begins here.
 */
@NullMarked
package dev.limpet.store.hazelcast;

import org.jspecify.annotations.NullMarked;
