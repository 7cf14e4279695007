package dev.limpet.cluster.audit;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.AuditedBroker.Connected;
import dev.limpet.cluster.recovery.Housekeeper;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at partitions; where something differs, looks again a moment later, and mends what is still
 * the same.
 *
 * <p>Confined to the housekeeper. One look at a partition is under way at a time.
 */
final class Looks {
  private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

  /** Partitions that are asked or mended at the same time; more would only wait for each other. */
  private static final int ASKING_MAX = 64;

  /** Repairs in flight for each of them. */
  private static final int AT_ONCE = 16;

  /** A second look that finds too much under way waits so long. */
  private static final int BUSY_MILLIS = 50;

  /** Above the time that a call of the directory or the store takes to fail. */
  private static final long ANSWER_SECONDS_MAX = 30;

  /** So often a look that comes late, as the machine is starved, is put off. */
  private static final int PUT_OFF_MAX = 3;

  private static final long LATE_MILLIS_MIN = 500;

  private final ConnectionCheck connections;
  private final HomeCheck homes;
  private final Setting setting;

  /** Partitions of which a look is not over, those among them that wait for the second one. */
  private final BitSet underWay = new BitSet();

  private int asking;

  /** Groups what looks need beside their checks. Immutable. */
  record Setting(Housekeeper housekeeper, Repairs repairs, int momentMillis) {}

  /** What one look covers. Immutable. */
  private record Scope(int partition, List<Connected> connected, List<ClientId> indexed) {}

  Looks(ConnectionCheck connections, HomeCheck homes, Setting setting) {
    this.connections = connections;
    this.homes = homes;
    this.setting = setting;
  }

  boolean isBusy() {
    return asking >= ASKING_MAX;
  }

  /**
   * Looks at a partition, unless that is being done.
   *
   * @param connected clients that are connected here, of that partition
   * @param indexed ids of that partition that this node routes by
   */
  void look(int partition, List<Connected> connected, List<ClientId> indexed) {
    if (underWay.get(partition)) {
      return;
    }
    underWay.set(partition);
    asking++;
    Scope scope = new Scope(partition, connected, indexed);
    findings(scope)
        .whenCompleteAsync(
            (found, failure) -> {
              if (failure != null || found.isEmpty()) {
                over(scope, failure);
              } else {
                asking--;
                lookAgain(scope, found, PUT_OFF_MAX);
              }
            },
            setting.housekeeper);
  }

  private CompletableFuture<List<Finding>> findings(Scope scope) {
    CompletableFuture<List<Finding>> ofHome =
        homes.look(scope.partition, scope.indexed).toCompletableFuture().copy();
    return connections
        .look(scope.connected)
        .toCompletableFuture()
        .thenCombine(
            ofHome,
            (a, b) -> {
              List<Finding> all = new ArrayList<>(a);
              all.addAll(b);
              return all;
            })
        .orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
  }

  private void lookAgain(Scope scope, List<Finding> before, int putOffMax) {
    Set<ClientId> ids = new HashSet<>();
    before.forEach(each -> ids.add(each.clientId()));
    Scope rest =
        new Scope(
            scope.partition,
            scope.connected.stream().filter(each -> ids.contains(each.claim().clientId())).toList(),
            scope.indexed.stream().filter(ids::contains).toList());
    long dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(setting.momentMillis);
    setting.housekeeper.after(
        setting.momentMillis,
        () -> {
          if (putOffMax > 0 && isLate(dueNanos)) {
            lookAgain(rest, before, putOffMax - 1);
          } else {
            confirm(rest, before);
          }
        });
  }

  private boolean isLate(long dueNanos) {
    long lateMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - dueNanos);
    return lateMillis > Math.max(LATE_MILLIS_MIN, setting.momentMillis / 2);
  }

  private void confirm(Scope scope, List<Finding> before) {
    if (isBusy()) {
      setting.housekeeper.after(BUSY_MILLIS, () -> confirm(scope, before));
      return;
    }
    asking++;
    findings(scope)
        .whenCompleteAsync(
            (now, failure) -> {
              if (failure != null) {
                over(scope, failure);
                return;
              }
              mend(
                  scope,
                  now.stream().filter(each -> before.stream().anyMatch(each::isSame)).toList());
            },
            setting.housekeeper);
  }

  private void mend(Scope scope, List<Finding> all) {
    if (all.isEmpty()) {
      over(scope, null);
      return;
    }
    int to = Math.min(AT_ONCE, all.size());
    List<CompletableFuture<Void>> mended = all.subList(0, to).stream().map(this::mend).toList();
    Stages.all(mended)
        .whenCompleteAsync(
            (done, failure) -> mend(scope, all.subList(to, all.size())), setting.housekeeper);
  }

  private CompletableFuture<Void> mend(Finding finding) {
    return finding
        .mend()
        .get()
        .toCompletableFuture()
        .copy()
        .orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
        .thenAccept(
            mended -> setting.repairs.add(finding.kind(), mended ? 1 : 0, finding.clientId()))
        .exceptionally(
            failure -> {
              LOG.info("{} is not mended yet: {}", finding.clientId(), failure.toString());
              return null;
            });
  }

  private void over(Scope scope, @Nullable Throwable failure) {
    asking--;
    underWay.clear(scope.partition);
    if (failure != null) {
      LOG.debug("Partition {} was not compared", scope.partition, failure);
    }
  }
}
