package dev.limpet.cluster.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.cluster.http.NodeState;
import org.junit.jupiter.api.Test;

/** What one node writes of itself, the others read. */
class StatusRecordTest {

  @Test
  void what_a_node_writes_the_others_read() {
    StatusRecord record = new StatusRecord(NodeState.READY, 7, 3);
    assertThat(StatusRecord.decode(record.encode())).contains(record);
  }

  @Test
  void what_is_no_record_says_nothing() {
    assertThat(StatusRecord.decode("[1]")).isEmpty();
    assertThat(StatusRecord.decode("{")).isEmpty();
    assertThat(StatusRecord.decode("{\"state\":\"unheard of\"}")).isEmpty();
  }
}
