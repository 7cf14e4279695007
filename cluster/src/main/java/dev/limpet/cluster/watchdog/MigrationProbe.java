package dev.limpet.cluster.watchdog;

import dev.limpet.store.hazelcast.Migrations;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * Looks whether partitions move as planned, and have owners and copies. Confined to the watchdog.
 */
final class MigrationProbe implements Probe {

  private final StuckState state;
  private final Migrations migrations;
  private final IntSupplier waiting;
  private final String words;

  private MigrationProbe(
      StuckState state, Migrations migrations, ToIntFunction<Migrations> waiting, String words) {
    this.state = state;
    this.migrations = migrations;
    this.waiting = () -> waiting.applyAsInt(migrations);
    this.words = words;
  }

  /** Migrations that are planned here and make no progress. */
  static MigrationProbe ofProgress(Migrations migrations) {
    return new MigrationProbe(
        StuckState.MIGRATIONS,
        migrations,
        Migrations::pending,
        "%d migrations of partitions are planned and make no progress.");
  }

  /** Partitions without an owner, which the cluster's master has to give them. */
  static MigrationProbe ofOwners(Migrations migrations) {
    return new MigrationProbe(
        StuckState.OWNERS,
        migrations,
        all -> all.isMaster() ? all.withoutOwner() : 0,
        "%d partitions have no owner, and this node, which leads the cluster, gives them none.");
  }

  /** Partitions owned here that nobody else has a copy of, in a cluster of several nodes. */
  static MigrationProbe ofCopies(Migrations migrations, IntSupplier nodes) {
    return new MigrationProbe(
        StuckState.COPIES,
        migrations,
        all -> nodes.getAsInt() > 1 ? all.withoutCopy() : 0,
        "%d partitions of this node have no copy on another node.");
  }

  @Override
  public Optional<Symptom> look() {
    int count = waiting.getAsInt();
    return count == 0
        ? Optional.empty()
        : Optional.of(new Symptom(state, migrations.progress(), words.formatted(count), mayEnd()));
  }

  /** Slow migrations are no reason to destroy the only copy; partitions that nobody serves are. */
  private boolean mayEnd() {
    return state == StuckState.OWNERS || migrations.withoutCopy() == 0;
  }

  @Override
  public void heal() {
    migrations.planAgain();
  }
}
