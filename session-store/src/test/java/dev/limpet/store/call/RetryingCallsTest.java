package dev.limpet.store.call;

import static dev.limpet.broker.spi.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.MemberLeftException;
import dev.limpet.broker.spi.ClusterUnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetryingCallsTest {
  private static final int ATTEMPTS_MAX = 4;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final StoreThreads threads = new StoreThreads("test");
  private final AtomicInteger attempts = new AtomicInteger();
  private final RetryingCalls calls =
      new RetryingCalls(
          new CallOptions(1, 1, 1, ATTEMPTS_MAX, 1), threads, new StoreMetrics(registry));

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void what_may_or_may_not_have_happened_is_tried_again() {
    List<Throwable> failures =
        List.of(
            new IndeterminateOperationStateException("backup did not answer"),
            new MemberLeftException("left"),
            new HazelcastInstanceNotActiveException());
    assertThat(await(calls.call(failing(failures)))).isEqualTo("done");
    assertThat(attempts).hasValue(4);
    assertThat(registry.counter("limpet.store.retries").count()).isEqualTo(3);
  }

  @Test
  void tries_are_bounded() {
    Supplier<CompletionStage<String>> never =
        () -> failed(new IndeterminateOperationStateException("never"));
    assertThatThrownBy(() -> await(calls.call(never)))
        .isInstanceOf(ClusterUnavailableException.class)
        .hasCauseInstanceOf(IndeterminateOperationStateException.class);
    assertThat(attempts).hasValue(ATTEMPTS_MAX);
  }

  @Test
  void what_would_fail_again_is_not_tried_again() {
    assertThatThrownBy(() -> await(calls.call(() -> failed(new IllegalStateException("bug")))))
        .isInstanceOf(ClusterUnavailableException.class);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void a_call_that_throws_is_one_that_failed() {
    Supplier<CompletionStage<String>> throwing =
        () -> {
          attempts.incrementAndGet();
          throw new HazelcastInstanceNotActiveException();
        };
    assertThatThrownBy(() -> await(calls.call(throwing)))
        .isInstanceOf(ClusterUnavailableException.class);
    assertThat(attempts).hasValue(ATTEMPTS_MAX);
  }

  @Test
  void after_close_a_failure_is_answered_at_once() {
    calls.close();
    threads.close();
    assertThatThrownBy(() -> await(calls.call(() -> failed(new MemberLeftException("left")))))
        .isInstanceOf(ClusterUnavailableException.class);
    assertThat(attempts).hasValue(1);
  }

  private Supplier<CompletionStage<String>> failing(List<Throwable> failures) {
    return () ->
        attempts.get() < failures.size() ? failed(failures.get(attempts.get())) : succeeded();
  }

  private CompletionStage<String> failed(Throwable failure) {
    attempts.incrementAndGet();
    return CompletableFuture.failedFuture(failure);
  }

  private CompletionStage<String> succeeded() {
    attempts.incrementAndGet();
    return CompletableFuture.completedFuture("done");
  }
}
