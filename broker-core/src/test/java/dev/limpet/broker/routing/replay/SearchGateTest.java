package dev.limpet.broker.routing.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class SearchGateTest {
  private static final int SEARCHES_MAX = 3;
  private static final long TIMEOUT_MILLIS = 300_000;

  private final SearchGate gate = new SearchGate(SEARCHES_MAX, TIMEOUT_MILLIS);
  private final List<CompletableFuture<Integer>> begun = new ArrayList<>();

  private CompletableFuture<Integer> enter() {
    return gate.enter(
        () -> {
          CompletableFuture<Integer> search = new CompletableFuture<>();
          begun.add(search);
          return search;
        });
  }

  @Test
  void who_comes_too_early_waits_for_a_place() {
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(enter());
    }
    assertThat(begun).hasSize(SEARCHES_MAX);
    assertThat(gate.waiting()).isEqualTo(5 - SEARCHES_MAX);
    begun.get(1).complete(1);
    assertThat(answers.get(1)).isCompletedWithValue(1);
    assertThat(begun).hasSize(SEARCHES_MAX + 1);
    begun.get(0).completeExceptionally(new IllegalStateException("lost"));
    assertThat(answers.get(0)).isCompletedExceptionally();
    assertThat(begun).hasSize(SEARCHES_MAX + 2);
    begun.get(4).complete(4);
    assertThat(answers.get(4)).isCompletedWithValue(4);
    assertThat(answers.get(3)).isNotDone();
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void searches_that_answer_at_once_do_not_pile_up_on_the_stack() {
    CompletableFuture<Integer> first = enter();
    enter();
    enter();
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      int number = i;
      answers.add(gate.enter(() -> CompletableFuture.completedFuture(number)));
    }
    begun.get(0).complete(-1);
    assertThat(first).isCompletedWithValue(-1);
    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(answers.get(99_999)).isCompletedWithValue(99_999);
  }

  @Test
  void one_that_never_answers_fails_and_makes_room() {
    SearchGate hasty = new SearchGate(1, 50);
    CompletableFuture<Integer> silent = hasty.enter(CompletableFuture::new);
    CompletableFuture<Integer> next = hasty.enter(() -> CompletableFuture.completedFuture(7));
    assertThatThrownBy(silent::join).hasRootCauseInstanceOf(TimeoutException.class);
    assertThat(next.join()).isEqualTo(7);
  }
}
