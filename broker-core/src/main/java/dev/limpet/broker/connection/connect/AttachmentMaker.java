package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.connection.attachment.AttachmentParts;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.attachment.SessionRelease;
import dev.limpet.broker.connection.attachment.Wills;
import dev.limpet.broker.delivery.InboxAccess;
import dev.limpet.broker.delivery.InboxReader;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.session.ReceiveWindow;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.session.SendWindow;
import dev.limpet.broker.session.Session;
import dev.limpet.broker.session.SessionLimits;
import dev.limpet.broker.session.TransientOutbox;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.store.StoredSession;
import java.util.function.Supplier;

/** Builds an attachment from the CONNECT and the stored session. Used once. */
final class AttachmentMaker {
  private final MqttConnection connection;
  private final ConnectionPorts ports;
  private final ConnectRequest request;

  AttachmentMaker(MqttConnection connection, ConnectionPorts ports, ConnectRequest request) {
    this.connection = connection;
    this.ports = ports;
    this.request = request;
  }

  /** A session is durable when it shall outlive the connection, or did outlive the one before. */
  Attachment make(Claim claim, ClientIdentity identity, StoredSession stored) {
    boolean durable = request.session().expirySeconds() > 0 || stored.present();
    Session session =
        new Session(
            claim.clientId(),
            durable,
            new ReceiveWindow(stored.received()),
            stored.subscriptions());
    SessionRelease sessionRelease =
        new SessionRelease(ports, Wills.of(request), request.session().expirySeconds());
    return new Attachment(connection, parts(claim, identity, session, stored), sessionRelease);
  }

  private AttachmentParts parts(
      Claim claim, ClientIdentity identity, Session session, StoredSession stored) {
    SessionLimits limits = ports.options().session();
    SendWindow window =
        new SendWindow(Math.min(request.connection().receiveMaximum(), limits.sendMaximum()));
    Supplier<SendQueue> queues =
        () ->
            new SendQueue(
                limits.sendQueueMessagesMax(),
                limits.sendQueueBytesMax(),
                ports.admission().queues(connection.lane()));
    SendQueue queue = queues.get();
    if (!session.isDurable()) {
      TransientOutbox outbox = new TransientOutbox(window, queue, connection.output());
      return new AttachmentParts(claim, identity, session, outbox, null, queues);
    }
    InboxAccess access =
        new InboxAccess(
            ports.sessions(),
            claim,
            connection.lane(),
            connection.output(),
            ports.membership()::isConfirmed,
            () -> connection.close(ReasonCode.SERVER_BUSY, "the session store refused"));
    InboxReader reader = new InboxReader(access, stored, window, queue);
    return new AttachmentParts(claim, identity, session, reader, reader, queues);
  }
}
