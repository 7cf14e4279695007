package dev.limpet.examples.nemesis.schedule;

import java.util.List;

/** What can be done to nodes; they are numbered from 0. Implemented where the processes are. */
public interface Harm {

  /** Ends the process at once. */
  void kill(int node);

  /** Asks the process to end, and waits until it has. */
  void leave(int node);

  /** Starts a process where none runs. */
  void start(int node);

  /** Stops the processes for so long; returns at once. */
  void freeze(List<Integer> nodes, long millis);

  /** Lets the processes run a fifth of the time, for so long; returns at once. */
  void starve(List<Integer> nodes, long millis);

  /** Drops all packets on these ways, for so long; returns at once. */
  void cut(List<Way> ways, long millis);

  /** Drops them for some tens of milliseconds now and then, for so long; returns at once. */
  void flap(List<Way> ways, long millis);

  /** Connects this many clients as fast as it can; returns at once. */
  void storm(int clients);

  /** Waits until earlier faults are over and the nodes agree, or for so long. */
  void settle(long millis);
}
