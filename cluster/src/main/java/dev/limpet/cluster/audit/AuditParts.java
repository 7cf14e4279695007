package dev.limpet.cluster.audit;

import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.cluster.directory.OrphanClaims;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.recovery.Housekeeper;
import dev.limpet.cluster.routes.HazelcastRouteTable;

/** Groups the parts of a node that the audit compares. Immutable. */
public record AuditParts(
    HazelcastMembership membership,
    SessionDirectory directory,
    OrphanClaims claims,
    HomeSessions sessions,
    HazelcastRouteTable routes,
    PeerLink peers,
    Housekeeper housekeeper) {}
