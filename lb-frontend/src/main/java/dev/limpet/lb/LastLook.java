package dev.limpet.lb;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Completes a connection that its home ends: reads the client until nothing comes, so that all
 * bytes sent by then reach the home, then ends both sides. The home waits for that: the client's
 * last packets, a DISCONNECT above all, may decide about its will.
 *
 * <p>Over once as much has come as the kernel can have held; until there is room in the home's
 * queue, it waits, as long as the relay may linger. Confined to the event loop of both sides.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a loop that takes no tasks closes its channels
final class LastLook {
  private static final long NO_ROOM_PAUSE_MILLIS = 5;

  private final RelaySide client;
  private final RelaySide home;
  private final EventLoop loop;
  private final long readMax;

  /**
   * @param bytesMax of the client's data that the kernel may hold
   */
  LastLook(RelaySide client, RelaySide home, long bytesMax) {
    this.client = client;
    this.home = home;
    this.loop = client.context().channel().eventLoop();
    this.readMax = client.readBytes() + bytesMax;
  }

  /**
   * Looks once each socket of the loop has been read that has bytes: Netty fetches due timers
   * before it runs tasks, so that a timer set by a task waits until sockets have been polled again.
   */
  void begin() {
    long readBefore = client.readBytes();
    loop.execute(() -> loop.schedule(() -> looked(readBefore), 0, TimeUnit.NANOSECONDS));
  }

  private void looked(long readBefore) {
    if (client.isInputOver() || client.readBytes() >= readMax) {
      end();
    } else if (!client.isRead()) {
      loop.schedule(this::begin, NO_ROOM_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } else if (client.readBytes() > readBefore) {
      begin();
    } else {
      end();
    }
  }

  private void end() {
    home.endOutput();
    client.endOutput();
  }
}
