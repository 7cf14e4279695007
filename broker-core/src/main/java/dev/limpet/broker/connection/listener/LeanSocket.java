package dev.limpet.broker.connection.listener;

import io.vertx.core.net.NetSocket;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes from a socket of Vert.x what it never uses here: a queue of 1,024 places, 4.6 KiB, for
 * writes by other threads than its own; half of what an idle connection costs. We write to the
 * channel, so a queue that grows by what is in it does as well.
 *
 * <p>Vert.x has no option for it, so this sets a private field; where a version has another name
 * for it, sockets stay as they are. Stateless.
 */
final class LeanSocket {
  private static final Logger LOG = LoggerFactory.getLogger(LeanSocket.class);

  /** From a socket to its queue, each a field of the object in the one before; empty if unknown. */
  private static final List<Field> PATH = path();

  private LeanSocket() {}

  /** To be called on the event loop of a socket that was just accepted. */
  static void trim(NetSocket socket) {
    if (PATH.isEmpty()) {
      return;
    }
    try {
      Object owner = socket;
      for (Field field : PATH.subList(0, PATH.size() - 1)) {
        owner = field.get(owner);
      }
      Field last = PATH.get(PATH.size() - 1);
      if (last.get(owner) instanceof Queue<?> queue && queue.isEmpty()) {
        last.set(owner, new ConcurrentLinkedQueue<>());
      }
    } catch (IllegalAccessException e) {
      LOG.debug("The queue of {} stays as it is", socket, e);
    }
  }

  /** What a socket's queue is, for the test; null if unknown. */
  static @Nullable Object queue(NetSocket socket) throws IllegalAccessException {
    Object found = PATH.isEmpty() ? null : socket;
    for (Field field : PATH) {
      found = field.get(found);
    }
    return found;
  }

  private static List<Field> path() {
    try {
      return List.of(
          field("io.vertx.core.net.impl.VertxConnection", "outboundMessageQueue"),
          field("io.vertx.core.internal.concurrent.OutboundMessageQueue", "mqp"),
          field("io.vertx.core.streams.impl.MessagePassingQueue", "queue"));
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("This Vert.x has another queue in its sockets", e);
      return List.of();
    }
  }

  private static Field field(String type, String name) throws ReflectiveOperationException {
    Field field = Class.forName(type).getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }
}
