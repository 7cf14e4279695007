package dev.limpet.broker.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.collection.IntObjectHashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SocketTableTest {

  @Test
  void it_holds_what_a_map_of_netty_holds() {
    SocketTable<String> table = new SocketTable<>();
    IntObjectHashMap<String> map = new IntObjectHashMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      int descriptor = random.nextInt(3_000);
      if (random.nextInt(3) == 0) {
        assertThat(table.remove(descriptor)).isEqualTo(map.remove(descriptor));
      } else {
        assertThat(table.put(descriptor, "s" + i)).isEqualTo(map.put(descriptor, "s" + i));
      }
      assertThat(table.size()).isEqualTo(map.size());
    }
    assertThat(table).isEqualTo(map);
    assertThat(table.values()).containsExactlyInAnyOrderElementsOf(map.values());
    map.keySet().forEach(key -> assertThat(table.get(key)).isEqualTo(map.get(key)));
  }

  @Test
  void what_nobody_put_is_not_there() {
    SocketTable<String> table = new SocketTable<>();
    table.put(5_000, "far");

    assertThat(table.get(4_999)).isNull();
    assertThat(table.get(1 << 20)).isNull();
    assertThat(table.get(-1)).isNull();
    assertThat(table.remove(-1)).isNull();
    assertThat(table.containsKey(5_000)).isTrue();
    table.clear();
    assertThat(table).isEmpty();
    assertThat(table.get(5_000)).isNull();
  }
}
