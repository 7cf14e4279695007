package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.delivery.InboxReader;
import dev.limpet.broker.session.Outbox;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.session.Session;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Groups the parts of an attachment. Immutable.
 *
 * @param reader the outbox of a durable session; null for a transient one
 * @param queues makes queues with the bounds of this session
 */
public record AttachmentParts(
    Claim claim,
    ClientIdentity identity,
    Session session,
    Outbox outbox,
    @Nullable InboxReader reader,
    Supplier<SendQueue> queues) {}
