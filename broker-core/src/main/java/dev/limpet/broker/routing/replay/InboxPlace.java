package dev.limpet.broker.routing.replay;

import dev.limpet.broker.mqtt.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reserves a place in a session's inbox for the retained publications of one new subscription, in
 * front of messages published meanwhile.
 *
 * <p>Confined to the subscriber's lane; stages complete on any thread.
 */
interface InboxPlace {

  /** Done, never exceptionally, when the home holds back newer publications. */
  CompletableFuture<Void> held();

  /**
   * All nodes know of the subscription: done, never exceptionally, when the home has heard of all
   * that was numbered before.
   */
  CompletableFuture<Void> drawn();

  /**
   * Appends the retained publications to the inbox, then those held back.
   *
   * @param line the host's, drawn before the search
   * @return done when that needs this node no more
   */
  CompletableFuture<Void> fill(List<Publication> found, Watermarks line);

  /** Nothing is to be brought, unless it is on its way. */
  void abandon();
}
