package dev.limpet.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastException;
import dev.limpet.broker.spi.ClusterUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallBatchTest {

  private final CallBatch batch = new AsyncRetry(10_000).batch();

  @Test
  void each_call_gets_its_own_answer_though_another_has_none_yet() {
    CompletableFuture<String> never = new CompletableFuture<>();
    CompletableFuture<String> slow = batch.add(() -> "slow", () -> never);
    CompletableFuture<String> quick =
        batch.add(() -> "quick", () -> CompletableFuture.completedFuture("now"));

    batch.start();

    assertThat(quick).isCompletedWithValue("now");
    assertThat(slow).isNotDone();
    never.complete("then");
    assertThat(slow).isCompletedWithValue("then");
  }

  @Test
  void a_call_that_fails_or_throws_is_repeated_by_itself() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    AtomicInteger throwings = new AtomicInteger();
    AtomicInteger fines = new AtomicInteger();
    CompletableFuture<Integer> failing =
        batch.add(
            () -> "failing",
            answering(failures, CompletableFuture.failedFuture(new HazelcastException("not now"))));
    CompletableFuture<Integer> throwing = batch.add(() -> "throwing", throwingOnce(throwings));
    CompletableFuture<Integer> fine =
        batch.add(() -> "fine", answering(fines, CompletableFuture.completedFuture(1)));

    batch.start();

    assertThat(failing.get(20, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(throwing.get(20, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(fine.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(fines).hasValue(1);
  }

  @Test
  void a_failure_that_stays_one_is_told_at_once() {
    CompletableFuture<String> wrong =
        batch.add(
            () -> "wrong", () -> CompletableFuture.failedFuture(new IllegalStateException("no")));

    batch.start();

    assertThatThrownBy(() -> wrong.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClusterUnavailableException.class)
        .hasMessageContaining("wrong got no answer");
  }

  @Test
  void a_call_without_an_answer_is_given_up() {
    CallBatch impatient = new AsyncRetry(100).batch();
    CompletableFuture<String> deaf = impatient.add(() -> "deaf call", CompletableFuture::new);

    impatient.start();

    assertThatThrownBy(() -> deaf.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClusterUnavailableException.class)
        .hasMessageContaining("deaf call");
  }

  /** Answers with the number of the attempt from the second on. */
  private static Supplier<CompletionStage<Integer>> answering(
      AtomicInteger attempts, CompletionStage<Integer> first) {
    return () -> {
      int attempt = attempts.incrementAndGet();
      return attempt == 1 ? first : CompletableFuture.completedFuture(attempt);
    };
  }

  private static Supplier<CompletionStage<Integer>> throwingOnce(AtomicInteger attempts) {
    return () -> {
      int attempt = attempts.incrementAndGet();
      if (attempt == 1) {
        throw new HazelcastException("not now");
      }
      return CompletableFuture.completedFuture(attempt);
    };
  }
}
