package dev.limpet.cluster.peer;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;

/**
 * Groups the resources a link runs on. Immutable.
 *
 * @param loop the event loop all of the link's state is confined to
 * @param client keep a strong reference: an unreferenced client closes its sockets when collected
 */
record LinkRuntime(
    Vertx vertx, Context loop, NetClient client, PeerOptions options, LinkClock clock) {}
