package dev.limpet.broker.connection.pending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.pending.PendingHandshakes.Cut;
import dev.limpet.broker.connection.pending.PendingHandshakes.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Issue 7, item 15. The kind: what strangers hold without having said who they are is taken from
 * somebody else. Here: who has to go, with a clock of our own.
 */
class PendingHandshakesTest {
  private static final SourceAddress CROWD = address("10.0.0.1");
  private static final SourceAddress OTHER = address("10.0.0.2");

  private final AtomicLong nanos = new AtomicLong(-5);
  private final List<String> cut = new ArrayList<>();
  private final PendingHandshakes pending = new PendingHandshakes(10, 4, nanos::get);

  private static SourceAddress address(String literal) {
    SourceAddress address = SourceAddress.parse(literal);
    assertThat(address).isNotNull();
    return address;
  }

  private Place enter(String name, SourceAddress from) {
    return pending.enter(from, true, why -> cut.add(name + " " + why));
  }

  private void aMomentPasses() {
    nanos.addAndGet(PendingHandshakes.MOMENT_NANOS);
  }

  @Test
  void an_address_with_more_than_its_share_loses_its_oldest() {
    for (int i = 0; i < 4; i++) {
      enter("s" + i, CROWD);
    }
    aMomentPasses();
    enter("s4", CROWD);
    enter("s5", CROWD);
    assertThat(cut).containsExactly("s0 ADDRESS", "s1 ADDRESS");
    assertThat(pending.size()).isEqualTo(4);
  }

  @Test
  void many_who_come_at_once_from_one_network_have_their_moment_to_speak() {
    List<Place> crowd = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      crowd.add(enter("c" + i, CROWD));
    }
    crowd.forEach(Place::leave);
    assertThat(cut).isEmpty();
    assertThat(pending.size()).isZero();
  }

  @Test
  void when_all_places_are_taken_the_largest_crowd_loses_its_oldest_and_nobody_else_does() {
    enter("honest", OTHER);
    for (int i = 0; i < 9; i++) {
      enter("s" + i, CROWD);
    }
    enter("late", OTHER);
    assertThat(cut).containsExactly("s0 FULL");
    for (int i = 0; i < 100; i++) {
      enter("more", CROWD);
    }
    assertThat(cut).hasSize(101).doesNotContain("honest FULL", "late FULL");
    assertThat(pending.size()).isEqualTo(10);
  }

  @Test
  void when_each_comes_from_another_address_the_oldest_goes() {
    for (int i = 0; i < 12; i++) {
      enter("s" + i, address("10.1.0." + i));
    }
    assertThat(cut).containsExactly("s0 FULL", "s1 FULL");
  }

  @Test
  void a_proxy_has_no_share_until_the_real_address_is_known() {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "p" + i;
      places.add(pending.enter(CROWD, false, why -> cut.add(name + " " + why)));
      aMomentPasses();
    }
    assertThat(cut).isEmpty();
    places.forEach(place -> place.is(OTHER));
    assertThat(cut).containsExactly("p0 ADDRESS", "p1 ADDRESS", "p2 ADDRESS", "p3 ADDRESS");
  }

  @Test
  void a_place_may_be_left_and_taken_again_but_not_after_its_end() {
    Place place = enter("a", CROWD);
    place.leave();
    place.leave();
    assertThat(pending.size()).isZero();
    place.enter();
    place.enter();
    assertThat(pending.size()).isOne();
    place.end();
    place.enter();
    assertThat(pending.size()).isZero();
    assertThat(place.isCut()).isFalse();
  }

  @Test
  void room_is_made_only_of_those_who_had_their_moment() {
    assertThat(pending.makeRoom()).isFalse();
    enter("a", CROWD);
    assertThat(pending.makeRoom()).isFalse();
    aMomentPasses();
    assertThat(pending.makeRoom()).isTrue();
    assertThat(cut).containsExactly("a FULL");
  }

  /** The whole behaviour against a list that is searched. */
  @Test
  void whoever_comes_and_goes_the_bounds_hold_and_the_largest_pays() {
    Random random = new Random(7);
    List<Place> in = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      in.removeIf(Place::isCut);
      nanos.addAndGet(random.nextInt(200_000_000));
      if (random.nextInt(3) == 0 && !in.isEmpty()) {
        in.remove(random.nextInt(in.size())).end();
      } else {
        in.add(enter("s", address("10.0.0." + random.nextInt(4))));
      }
      in.removeIf(Place::isCut);
      assertThat(pending.size()).isEqualTo(in.size()).isLessThanOrEqualTo(10);
    }
    assertThat(cut).contains("s " + Cut.FULL, "s " + Cut.ADDRESS);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, ::ffff:192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "::1, 0.0.0.1, false"
  })
  void an_ipv6_network_is_one_address(String one, String other, boolean same) {
    assertThat(address(one).equals(address(other))).isEqualTo(same);
  }

  @Test
  void an_address_can_be_read() {
    assertThat(address("192.0.2.200")).hasToString("192.0.2.200");
    assertThat(address("2001:db8:1:2::1")).hasToString("2001:db8:1:2::/64");
    assertThat(SourceAddress.parse("localhost")).isNull();
    assertThat(SourceAddress.parse(null)).isNull();
  }
}
