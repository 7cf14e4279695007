package dev.limpet.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketIdsTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "65535, 65535",
    "65536, 1",
    "131070, 65535",
    "131071, 1",
    "9223372036854775807, 32767"
  })
  void ids_run_from_1_to_65535_and_start_over(long sequence, int packetId) {
    assertThat(PacketIds.of(sequence)).isEqualTo(packetId);
  }

  @Test
  void each_id_names_one_sequence_of_a_span() {
    for (long oldest : new long[] {1, 2, 65_535, 65_536, 1_000_000}) {
      for (long sequence = oldest; sequence < oldest + PacketIds.COUNT; sequence += 977) {
        assertThat(PacketIds.sequenceOf(PacketIds.of(sequence), oldest)).isEqualTo(sequence);
      }
      long last = oldest + PacketIds.COUNT - 1;
      assertThat(PacketIds.sequenceOf(PacketIds.of(last), oldest)).isEqualTo(last);
    }
  }
}
