package dev.limpet.examples.nemesis.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TapTest {

  /** CONNACK, PUBREC 1000, PUBACK 1001, PUBREC 256, PINGRESP. */
  private static final Buffer SENT =
      Buffer.buffer(
          new byte[] {
            0x20,
            2,
            1,
            0,
            0x50,
            2,
            3,
            (byte) 0xE8,
            0x40,
            2,
            3,
            (byte) 0xE9,
            0x50,
            2,
            1,
            0,
            (byte) 0xD0,
            0
          });

  @Test
  void pubrec_is_heard_however_the_bytes_are_cut() {
    for (int cut = 0; cut <= SENT.length(); cut++) {
      List<Integer> heard = new ArrayList<>();
      Tap tap = new Tap(heard::add);
      tap.handle(SENT.getBuffer(0, cut));
      tap.handle(SENT.getBuffer(cut, SENT.length()));
      assertThat(heard).as("cut at %d", cut).containsExactly(1000, 256);
    }
  }
}
