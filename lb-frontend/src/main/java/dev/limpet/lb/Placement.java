package dev.limpet.lb;

/**
 * Maps a client id to its node. A port. Every frontend of a cluster computes the same answer from
 * the same membership, without talking to the others.
 */
@FunctionalInterface
public interface Placement {

  /**
   * Returns the home of a client. Called on event loops, by several threads at once: must not
   * block. An exception counts as {@link Home.Unavailable}.
   *
   * @param clientId never empty; a client that leaves the choice to the server is served where it
   *     landed, without a question
   */
  Home place(String clientId);
}
