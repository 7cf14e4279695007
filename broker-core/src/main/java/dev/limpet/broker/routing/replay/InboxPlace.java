package dev.limpet.broker.routing.replay;

import dev.limpet.broker.mqtt.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The place that the retained publications of one new subscription have in the inbox of its
 * session, in front of what is published meanwhile.
 *
 * <p>Confined to the subscriber's lane; stages complete on any thread.
 */
interface InboxPlace {

  /** Done, never exceptionally, when the home holds back what is newer. */
  CompletableFuture<Void> held();

  /**
   * All nodes know of the subscription: done, never exceptionally, when the home has heard of all
   * that was numbered before.
   */
  CompletableFuture<Void> drawn();

  /**
   * Brings what was found to the inbox, and behind it what was held back.
   *
   * @param line the host's, drawn before the search
   * @return done when that needs this node no more
   */
  CompletableFuture<Void> fill(List<Publication> found, Watermarks line);

  /** Nothing is to be brought, unless it is on its way. */
  void abandon();
}
