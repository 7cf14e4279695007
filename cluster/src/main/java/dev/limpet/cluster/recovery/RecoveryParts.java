package dev.limpet.cluster.recovery;

import com.hazelcast.core.HazelcastInstance;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.peer.PeerTransport;
import dev.limpet.cluster.routes.HazelcastRouteTable;

/** Groups the parts recovery works with. Immutable. */
public record RecoveryParts(
    HazelcastInstance hazelcast,
    HazelcastMembership membership,
    PeerTransport transport,
    HazelcastRouteTable routes,
    Housekeeper housekeeper) {}
