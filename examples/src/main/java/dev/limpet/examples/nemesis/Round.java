package dev.limpet.examples.nemesis;

import dev.limpet.examples.nemesis.check.Checker;
import dev.limpet.examples.nemesis.check.Limits;
import dev.limpet.examples.nemesis.check.Violation;
import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.History;
import dev.limpet.examples.nemesis.history.Kind;
import dev.limpet.examples.nemesis.load.Load;
import dev.limpet.examples.nemesis.nodes.Cluster;
import dev.limpet.examples.nemesis.nodes.Commands;
import dev.limpet.examples.nemesis.nodes.Faults;
import dev.limpet.examples.nemesis.schedule.Schedule;
import dev.limpet.examples.nemesis.schedule.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A new cluster, its clients, one schedule of faults, and the history of it. Used once. */
final class Round {

  private static final long SETTLE_MILLIS = 60_000;
  private static final long BEGIN_MILLIS = 60_000;

  /** For what is still on its way, and for connections to find out that they are one too many. */
  private static final long CALM_MILLIS_LEAST = 12_000;

  private static final long CALM_MILLIS_MOST = 30_000;

  private final Checker checker = new Checker(Limits.PROMISED);
  private final Path folder;
  private final long seed;
  private final int nodes;
  private final Schedule schedule;

  Round(Path folder, long seed, int nodes, Schedule schedule) {
    this.folder = folder;
    this.seed = seed;
    this.nodes = nodes;
    this.schedule = schedule;
  }

  /** How many nodes there can be in a round that begins with so many. */
  static int most(int nodes) {
    return nodes + 1;
  }

  /** Runs it and returns what happened; also in {@code history} in the folder. */
  List<Event> run(Commands commands) throws IOException {
    Files.createDirectories(folder);
    try (History history = new History(folder.resolve("history"));
        Cluster cluster = new Cluster(most(nodes), commands, history, folder);
        Load load = new Load(history, cluster.addresses(most(nodes)), new Random(seed));
        Faults faults = new Faults(cluster, history, new Random(seed), load::storm);
        Pulse pulse = new Pulse(history)) {
      String name = schedule.word() + " seed " + seed + " nodes " + nodes;
      history.record(Event.of(Kind.START, "").noting(name));
      pulse.begin();
      for (int node = 0; node < nodes; node++) {
        cluster.start(node);
      }
      if (cluster.settle(SETTLE_MILLIS) && load.begin(BEGIN_MILLIS)) {
        harm(faults);
        calm(history, cluster, load);
      } else {
        history.record(Event.of(Kind.DISAGREED, "").noting("the round could not begin"));
      }
      history.record(Event.of(Kind.END, ""));
      return history.events();
    }
  }

  private void harm(Faults faults) {
    for (Step step : schedule.steps(seed, nodes)) {
      faults.step(step);
    }
    faults.settle(SETTLE_MILLIS);
  }

  private void calm(History history, Cluster cluster, Load load) {
    load.calmDown();
    load.probe(cluster.running(), CALM_MILLIS_MOST);
    history.pass(CALM_MILLIS_LEAST);
    history.await(
        CALM_MILLIS_MOST, () -> load.isAcknowledged() && violations(history.events()).isEmpty());
  }

  /** As if the round ended now. */
  private List<Violation> violations(List<Event> events) {
    List<Event> ended = new ArrayList<>(events);
    ended.add(Event.of(Kind.END, "").at(events.get(events.size() - 1).millis()));
    return checker.check(ended);
  }
}
