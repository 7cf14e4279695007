package dev.limpet.broker.connection;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.io.SocketReads;
import dev.limpet.broker.io.SocketWriter;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import org.jspecify.annotations.Nullable;

/**
 * Holds a connection's output and the stage that handles its input, once it is in the socket's
 * pipeline. Confined to its lane.
 */
final class SocketPipeline {
  private final ChannelHandlerContext context;
  private final ClientOutput output;
  private @Nullable PacketHandler handler;

  private SocketPipeline(ChannelHandlerContext context, ClientOutput output) {
    this.context = context;
    this.output = output;
  }

  /**
   * Bounds the output queued for the socket.
   *
   * @param writable called when the socket can take more
   */
  static SocketPipeline enter(
      ChannelHandlerContext context,
      Lane lane,
      SocketPorts ports,
      Caller caller,
      Runnable writable) {
    int bytesMax = ports.options().writeBufferBytesMax();
    context
        .channel()
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(bytesMax / 2, bytesMax));
    SocketWriter writer =
        new SocketWriter(context, lane, bytesMax, ports.admission().sockets(lane), writable);
    writer.whenStalled(caller::stalled);
    return new SocketPipeline(context, new ClientOutput(writer, ports, caller));
  }

  ClientOutput output() {
    return output;
  }

  ByteBufAllocator allocator() {
    return context.alloc();
  }

  /** The stage that handles packets now. */
  PacketHandler handler() {
    if (handler == null) {
      throw new IllegalStateException("no stage yet");
    }
    return handler;
  }

  /** From now on this handles the packets. */
  void become(PacketHandler next) {
    handler = next;
  }

  /** From now on the socket is read into the lane's buffer. */
  void shareReads() {
    SocketReads.shareFor(context);
  }

  /** Reads from the socket, or lets it fill up. */
  void read(boolean wanted) {
    ChannelConfig config = context.channel().config();
    if (config.isAutoRead() != wanted) {
      config.setAutoRead(wanted);
    }
  }
}
