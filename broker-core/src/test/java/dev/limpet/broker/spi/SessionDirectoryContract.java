package dev.limpet.broker.spi;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.newClientId;
import static dev.limpet.broker.spi.Samples.will;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import dev.limpet.broker.spi.cluster.Released;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SessionDirectory} does. */
public abstract class SessionDirectoryContract {
  private static final String ADDRESS = "127.0.0.1:5000";
  private static final Release BYE = new Release(WillFate.DISCARD, 0, false);
  private static final Release LOST = new Release(WillFate.HAND_OVER, 0, false);
  private static final Release END = new Release(WillFate.HAND_OVER, 0, true);

  protected final ManualClock clock = new ManualClock();
  private final ClientId client = newClientId();
  private SessionDirectory directory;

  /** A directory of its own for this test, or one that other tests use with other client ids. */
  protected abstract SessionDirectory createDirectory(LongSupplier wallMillis);

  @BeforeEach
  void create() {
    directory = createDirectory(clock);
  }

  @Test
  void a_first_claim_has_no_predecessor_and_is_not_known() {
    Claimed claimed = claim(null);
    assertThat(claimed.claim().clientId()).isEqualTo(client);
    assertThat(claimed.previous()).isNull();
    assertThat(claimed.unsentWill()).isNull();
    assertThat(claimed.known()).isFalse();
  }

  @Test
  void of_two_claims_the_later_sees_the_earlier_and_has_the_higher_epoch() {
    Claim earlier = claim(null).claim();
    Claimed later = claim(null);
    assertThat(later.previous()).isEqualTo(earlier);
    assertThat(later.known()).isTrue();
    assertThat(later.claim().epoch()).isGreaterThan(earlier.epoch());
  }

  @Test
  void a_released_claim_is_known_but_nobody_has_to_be_evicted() {
    await(directory.release(claim(null).claim(), BYE));
    Claimed next = claim(null);
    assertThat(next.previous()).isNull();
    assertThat(next.known()).isTrue();
  }

  @Test
  void the_directory_shows_who_holds_a_client_id() {
    assertThat(await(directory.find(client))).isEmpty();
    Claim claim = claim(null).claim();
    assertThat(await(directory.find(client))).contains(new ClaimView(claim, true, ADDRESS));
    await(directory.release(claim, BYE));
    assertThat(await(directory.find(client))).contains(new ClaimView(claim, false, ADDRESS));
  }

  /** Issue 9, item 4. The kind: a claim gets lost while its connection lives. */
  @Test
  void a_forgotten_claim_is_taken_up_again_by_the_connection_that_lives() {
    Claim claim = claim(will("w")).claim();
    await(directory.forget(client, claim.epoch()));
    await(directory.takeWill(claim));
    assertThat(await(directory.find(client))).isEmpty();

    assertThat(await(directory.restore(claim, ADDRESS))).isTrue();
    assertThat(await(directory.restore(claim, ADDRESS))).isTrue();

    assertThat(await(directory.find(List.of(client, newClientId()))))
        .isEqualTo(Map.of(client, new ClaimView(claim, true, ADDRESS)));
    assertThat(await(directory.release(claim, LOST)).due()).isNull();
  }

  @Test
  void a_released_claim_is_taken_up_again_with_the_will_it_still_has() {
    Will will = will("w");
    Claim claim = claim(will).claim();
    await(directory.release(claim, new Release(WillFate.KEEP, 1_000, false)));
    assertThat(await(directory.restore(claim, ADDRESS))).isTrue();
    assertThat(await(directory.takeWill(claim))).isEmpty();
    assertThat(await(directory.release(claim, LOST)).due()).isEqualTo(will);
  }

  @Test
  void a_claim_is_not_taken_up_again_from_a_newer_one() {
    Claim old = claim(null).claim();
    Claim newer = claim(null).claim();
    assertThat(await(directory.restore(old, ADDRESS))).isFalse();
    await(directory.release(newer, BYE));
    assertThat(await(directory.restore(old, ADDRESS))).isFalse();
    assertThat(await(directory.find(client))).contains(new ClaimView(newer, false, ADDRESS));
  }

  @Test
  void the_epoch_rises_also_after_the_directory_forgot() {
    Claim old = claim(null).claim();
    await(directory.release(old, END));
    assertThat(await(directory.find(client))).isEmpty();
    clock.advanceMillis(1);
    assertThat(claim(null).claim().epoch()).isGreaterThan(old.epoch());
  }

  @Test
  void the_epoch_rises_also_when_the_clock_goes_back() {
    Claim old = claim(null).claim();
    clock.advanceSeconds(-3600);
    assertThat(claim(null).claim().epoch()).isGreaterThan(old.epoch());
  }

  @Test
  void a_session_that_ended_is_not_known_any_more() {
    await(directory.release(claim(null).claim(), END));
    assertThat(claim(null).known()).isFalse();
  }

  @Test
  void forget_drops_the_claim_whose_session_ended_and_may_be_repeated() {
    Claim claim = claim(null).claim();
    await(directory.release(claim, BYE));
    await(directory.forget(client, claim.epoch()));
    await(directory.forget(client, claim.epoch()));
    assertThat(await(directory.find(client))).isEmpty();
  }

  @Test
  void forget_leaves_a_newer_claim_alone() {
    Claim old = claim(null).claim();
    Claim newer = claim(null).claim();
    await(directory.forget(client, old.epoch()));
    assertThat(await(directory.find(client)).orElseThrow().claim()).isEqualTo(newer);
  }

  @Test
  void an_old_release_changes_nothing_for_a_newer_claim() {
    Claim old = claim(will("old")).claim();
    Claim newer = claim(will("new")).claim();
    assertThat(await(directory.release(old, END))).isEqualTo(Released.NOT_HELD);
    assertThat(await(directory.find(client))).contains(new ClaimView(newer, true, ADDRESS));
    assertThat(await(directory.release(newer, LOST)).due()).isEqualTo(will("new"));
  }

  @Test
  void a_will_is_handed_over_exactly_once() {
    Claim claim = claim(will("gone")).claim();
    assertThat(await(directory.release(claim, LOST)).due()).isEqualTo(will("gone"));
    assertThat(await(directory.release(claim, LOST)).due()).isNull();
    assertThat(await(directory.takeWill(claim))).isEmpty();
    assertThat(claim(null).unsentWill()).isNull();
  }

  @Test
  void a_discarded_will_is_published_by_nobody() {
    Claim claim = claim(will("never")).claim();
    assertThat(await(directory.release(claim, BYE)).due()).isNull();
    assertThat(await(directory.takeWill(claim))).isEmpty();
    assertThat(claim(null).unsentWill()).isNull();
  }

  @Test
  void a_kept_will_is_taken_exactly_once() {
    Claim claim = claim(will("later")).claim();
    assertThat(await(directory.release(claim, keep())).due()).isNull();
    clock.advanceSeconds(10);
    assertThat(await(directory.takeWill(claim))).contains(will("later"));
    assertThat(await(directory.takeWill(claim))).isEmpty();
    assertThat(claim(null).unsentWill()).isNull();
  }

  @Test
  void a_kept_will_goes_to_the_claim_that_comes_before_it_is_due() {
    Claim old = claim(will("later")).claim();
    await(directory.release(old, keep()));
    assertThat(claim(null).unsentWill()).isEqualTo(will("later"));
    clock.advanceSeconds(10);
    assertThat(await(directory.takeWill(old))).isEmpty();
  }

  @Test
  void a_will_of_a_connection_that_is_taken_over_goes_to_the_newer_claim_only() {
    Claim old = claim(will("old")).claim();
    assertThat(claim(will("new")).unsentWill()).isEqualTo(will("old"));
    assertThat(await(directory.release(old, LOST))).isEqualTo(Released.NOT_HELD);
    assertThat(claim(null).unsentWill()).isEqualTo(will("new"));
  }

  @Test
  void the_will_of_a_living_connection_cannot_be_taken() {
    Claim claim = claim(will("alive")).claim();
    assertThat(await(directory.takeWill(claim))).isEmpty();
    assertThat(await(directory.release(claim, LOST)).due()).isEqualTo(will("alive"));
  }

  /** Its owner learns that it was not asked too late, whatever becomes of the will. */
  @Test
  void a_release_says_that_the_claim_was_held() {
    assertThat(await(directory.release(claim(will("w")).claim(), BYE)).held()).isTrue();
    assertThat(await(directory.release(claim(will("w")).claim(), keep())).held()).isTrue();
    assertThat(await(directory.release(claim(null).claim(), LOST)).held()).isTrue();
    assertThat(await(directory.release(claim(null).claim(), END)).held()).isTrue();
  }

  @Test
  void a_release_without_a_will_hands_over_nothing() {
    assertThat(await(directory.release(claim(null).claim(), LOST)).due()).isNull();
  }

  private Release keep() {
    return new Release(WillFate.KEEP, clock.getAsLong() + 10_000, false);
  }

  private Claimed claim(@Nullable Will will) {
    return await(directory.claim(client, will, ADDRESS));
  }
}
