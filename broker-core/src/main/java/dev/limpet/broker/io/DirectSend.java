package dev.limpet.broker.io;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Hands bytes to the operating system past Netty's write queue, which costs more than the rest of a
 * small write: for sockets with an empty queue and without a handler that transforms bytes (TLS,
 * WebSocket). Bytes the system does not take go through the queue.
 *
 * <p>Only with Netty's native transports, whose sockets can be reached. Confined to its lane.
 */
final class DirectSend {
  private final ChannelHandlerContext context;
  private final @Nullable Socket socket;

  DirectSend(ChannelHandlerContext context) {
    this.context = context;
    this.socket =
        context.channel() instanceof UnixChannel unix && unix.fd() instanceof Socket own
            ? own
            : null;
  }

  /**
   * Sends from the start of a buffer, and advances it by the bytes the system took.
   *
   * @return whether it took all
   */
  boolean send(ByteBuf bytes) {
    if (socket == null || !isClear() || !bytes.hasMemoryAddress()) {
      return false;
    }
    try {
      int sent =
          socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
      bytes.skipBytes(sent);
      return !bytes.isReadable();
    } catch (IOException e) {
      return false; // the normal path meets the same failure, and handles it
    }
  }

  /** A closed socket's number may be another's by now, and queued bytes come first. */
  @SuppressWarnings("ReferenceEquality") // one context is one place in one pipeline
  private boolean isClear() {
    ChannelOutboundBuffer queued = context.channel().unsafe().outboundBuffer();
    return queued != null
        && queued.totalPendingWriteBytes() == 0
        && context.channel().isActive()
        && context.pipeline().firstContext() == context;
  }
}
