package dev.limpet.broker.solo;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.SessionDirectoryContract;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.function.LongSupplier;

class HeapSessionDirectoryTest extends SessionDirectoryContract {
  @Override
  protected SessionDirectory createDirectory(LongSupplier wallMillis) {
    return new HeapSessionDirectory(new NodeId("solo", 1), wallMillis);
  }
}
