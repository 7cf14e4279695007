/**
 * Watches files and rereads them when they change: users, access rules, certificates.
 *
 * <p>Knows times and bytes of files, not their meaning, and checks them on its own thread. {@code
 * access}, {@code connection.listener} and the {@code cluster} module call in.
 */
@NullMarked
package dev.limpet.broker.files;

import org.jspecify.annotations.NullMarked;
