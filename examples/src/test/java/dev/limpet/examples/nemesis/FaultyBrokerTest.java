package dev.limpet.examples.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.InboxListener;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.examples.nemesis.check.Checker;
import dev.limpet.examples.nemesis.check.Limits;
import dev.limpet.examples.nemesis.check.Violation;
import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.History;
import dev.limpet.examples.nemesis.history.Kind;
import dev.limpet.examples.nemesis.load.Load;
import dev.limpet.examples.nemesis.nodes.Cluster.Address;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The load and the checker against a real broker, sound or with a fault planted in its store. */
@Timeout(300)
class FaultyBrokerTest {

  private static final long BEGIN_MILLIS = 60_000;
  private static final long LOAD_MILLIS = 6_000;
  private static final long CALM_MILLIS = 60_000;

  /** A little more than the checker gives a probe. */
  private static final long FAULTY_MILLIS = 12_000;

  private static final int OFTEN = 7;

  @TempDir private Path folder;

  /** What is called instead; calls the real one with {@code go} or not at all. */
  @FunctionalInterface
  private interface Planted {
    @Nullable Object call(Method method, Object[] arguments, Real go) throws Throwable;
  }

  @FunctionalInterface
  private interface Real {
    @Nullable Object call(Object[] arguments) throws Throwable;
  }

  @Test
  void a_sound_broker_breaks_nothing() {
    assertThat(brokenBy(CALM_MILLIS, (method, arguments, go) -> go.call(arguments))).isEmpty();
  }

  @Test
  void acknowledging_without_storing_is_caught() {
    AtomicInteger calls = new AtomicInteger();
    assertThat(
            brokenBy(
                FAULTY_MILLIS,
                (method, arguments, go) ->
                    method.getName().equals("append")
                            && isOfPublisher(arguments)
                            && calls.incrementAndGet() % OFTEN == 0
                        ? CompletableFuture.completedFuture(null)
                        : go.call(arguments)))
        .contains("G2");
  }

  private static boolean isOfPublisher(Object[] arguments) {
    return ((Publication) arguments[0]).topic().toString().startsWith("m/");
  }

  @Test
  void an_empty_session_over_a_full_one_is_caught() {
    assertThat(
            brokenBy(
                FAULTY_MILLIS,
                (method, arguments, go) -> {
                  boolean open = method.getName().equals("open");
                  if (open && ((Claim) arguments[0]).clientId().value().startsWith("wandering")) {
                    return go.call(new Object[] {arguments[0], true, arguments[2]});
                  }
                  return go.call(arguments);
                }))
        .contains("G7");
  }

  @Test
  void a_reader_that_nobody_wakes_is_caught() {
    assertThat(
            brokenBy(
                FAULTY_MILLIS,
                (method, arguments, go) ->
                    method.getName().equals("onAppended")
                        ? go.call(new Object[] {drowsy((InboxListener) arguments[0])})
                        : go.call(arguments)))
        .contains("G12");
  }

  /** Hears of nothing that is appended for one of the clients. */
  private static InboxListener drowsy(InboxListener real) {
    return (InboxListener)
        Proxy.newProxyInstance(
            InboxListener.class.getClassLoader(),
            new Class<?>[] {InboxListener.class},
            (proxy, method, arguments) ->
                List.of(arguments).toString().contains("durable-1")
                    ? null
                    : method.invoke(real, arguments));
  }

  private List<String> brokenBy(long waitMillis, Planted fault) {
    UnaryOperator<SessionStore> around = store -> planted(store, fault);
    try (TestBroker broker = new TestBroker.Setup().sessions(around).start();
        History history = new History(folder.resolve("history"));
        Load load =
            new Load(
                history,
                List.of(new Address("a", "127.0.0.1", broker.port(), broker.port())),
                new Random(1))) {
      Checker checker = new Checker(Limits.PROMISED);
      load.begin(BEGIN_MILLIS);
      history.pass(LOAD_MILLIS);
      load.calmDown();
      load.probe(1, BEGIN_MILLIS);
      history.await(
          waitMillis, () -> load.isAcknowledged() && checker.check(history.events()).isEmpty());
      history.record(Event.of(Kind.END, ""));
      return checker.check(history.events()).stream().map(Violation::promise).distinct().toList();
    }
  }

  private static SessionStore planted(SessionStore real, Planted fault) {
    return (SessionStore)
        Proxy.newProxyInstance(
            SessionStore.class.getClassLoader(),
            new Class<?>[] {SessionStore.class},
            (proxy, method, arguments) ->
                fault.call(
                    method,
                    arguments == null ? new Object[0] : arguments,
                    changed -> invoke(real, method, changed)));
  }

  private static @Nullable Object invoke(SessionStore real, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
