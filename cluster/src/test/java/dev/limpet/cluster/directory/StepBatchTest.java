package dev.limpet.cluster.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastException;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.cluster.directory.StepBatch.PendingStep;
import dev.limpet.cluster.member.AsyncRetry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StepBatchTest {

  private static final ClaimAnswer ANSWER = new ClaimAnswer(7, null, 0, null, true);

  @Test
  void each_step_gets_its_own_answer_though_another_has_none_yet() {
    CompletableFuture<ClaimAnswer> never = new CompletableFuture<>();
    PendingStep slow = step("slow");
    PendingStep quick = step("quick");

    send(
        each -> each.equals(slow) ? never : CompletableFuture.completedFuture(ANSWER), slow, quick);

    assertThat(quick.answer()).isCompletedWithValue(ANSWER);
    assertThat(slow.answer()).isNotDone();
    never.complete(ANSWER);
    assertThat(slow.answer()).isCompletedWithValue(ANSWER);
  }

  @Test
  void a_step_that_fails_or_throws_is_repeated_by_itself() throws Exception {
    Map<PendingStep, Integer> attempts = new HashMap<>();
    PendingStep failing = step("failing");
    PendingStep throwing = step("throwing");
    PendingStep fine = step("fine");

    send(
        each -> {
          int attempt = attempts.merge(each, 1, Integer::sum);
          if (attempt == 1 && each.equals(throwing)) {
            throw new HazelcastException("not now");
          }
          return attempt == 1 && each.equals(failing)
              ? CompletableFuture.failedFuture(new HazelcastException("not now"))
              : CompletableFuture.completedFuture(ANSWER);
        },
        failing,
        throwing,
        fine);

    assertThat(failing.answer().get(20, TimeUnit.SECONDS)).isEqualTo(ANSWER);
    assertThat(throwing.answer().get(20, TimeUnit.SECONDS)).isEqualTo(ANSWER);
    assertThat(attempts).containsEntry(failing, 2).containsEntry(throwing, 2);
    assertThat(attempts).containsEntry(fine, 1);
  }

  @Test
  void a_step_without_an_answer_is_given_up() {
    PendingStep deaf = step("deaf");
    StepBatch batch = new StepBatch(new AsyncRetry(100), each -> new CompletableFuture<>());
    batch.add(deaf);
    batch.send();

    assertThatThrownBy(() -> deaf.answer().get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClusterUnavailableException.class)
        .hasMessageContaining("claim of client deaf");
  }

  private static void send(
      Function<PendingStep, CompletionStage<ClaimAnswer>> start, PendingStep... steps) {
    StepBatch batch = new StepBatch(new AsyncRetry(10_000), start);
    for (PendingStep step : steps) {
      batch.add(step);
    }
    batch.send();
  }

  private static PendingStep step(String clientId) {
    return new PendingStep("claim", clientId, new ForgetStep(1, 1), new CompletableFuture<>());
  }
}
