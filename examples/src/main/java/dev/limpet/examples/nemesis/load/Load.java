package dev.limpet.examples.nemesis.load;

import dev.limpet.examples.nemesis.history.History;
import dev.limpet.examples.nemesis.nodes.Cluster.Address;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All clients of one round. Thread-safe: each method asks the one event loop on which the clients
 * live, and blocks until it has answered.
 */
public final class Load implements AutoCloseable {

  private static final long LOOP_SECONDS = 60;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  private final World world;
  private final Crowd crowd;
  private final Probes probes;
  private final History history;

  /**
   * @param nodes where clients connect; those that do not run yet, or no more, only refuse
   */
  public Load(History history, List<Address> nodes, Random random) {
    this.history = history;
    this.world = new World(vertx, history, nodes, random);
    this.crowd = new Crowd(world);
    this.probes = new Probes(world);
  }

  /** Connects everybody; false if some have not subscribed within {@code millis}. */
  public boolean begin(long millis) {
    onLoop(
        () -> {
          crowd.connect();
          return true;
        });
    if (!history.await(millis, () -> onLoop(crowd::areSubscribersReady))) {
      return false;
    }
    onLoop(
        () -> {
          crowd.begin();
          return true;
        });
    return true;
  }

  /** Connects this many clients with ids of their own, and lets them go. */
  public void storm(int clients) {
    onLoop(
        () -> {
          crowd.storm(clients);
          return true;
        });
  }

  /** Lets clients only stay connected; nobody publishes or comes and goes any more. */
  public void calmDown() {
    onLoop(
        () -> {
          world.calmDown();
          crowd.sayGoodbye();
          probes.connect();
          return true;
        });
  }

  /**
   * Probes every subscriber from so many nodes, as soon as these can be reached and the subscribers
   * are back, but after {@code millis} at the latest.
   */
  public void probe(int nodes, long millis) {
    history.await(millis, () -> onLoop(() -> probes.areOpen(nodes) && crowd.areSubscribersReady()));
    onLoop(
        () -> {
          probes.send(crowd.subscribers());
          return true;
        });
  }

  /** Whether all publishers have all their acknowledgements. */
  public boolean isAcknowledged() {
    return onLoop(crowd::areAcknowledged);
  }

  private <T> T onLoop(Callable<T> task) {
    Promise<T> answer = Promise.promise();
    loop.runOnContext(
        nothing -> {
          try {
            answer.complete(task.call());
          } catch (Exception e) {
            answer.fail(e);
          }
        });
    return await(answer.future());
  }

  private static <T> T await(Future<T> answer) {
    try {
      return answer.toCompletionStage().toCompletableFuture().get(LOOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the clients do not answer", e);
    }
  }

  @Override
  public void close() {
    onLoop(
        () -> {
          world.end();
          return true;
        });
    await(vertx.close());
  }
}
