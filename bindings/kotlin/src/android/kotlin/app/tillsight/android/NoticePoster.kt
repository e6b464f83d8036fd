package app.tillsight.android

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import app.tillsight.Notice
import app.tillsight.NoticeKind

/** What the app calls what a notice says, in the person's language. */
public interface NoticeText {
    /** The name of a channel in the phone's settings. */
    public fun channel(channel: NoticeChannel): String

    /** The first line. */
    public fun title(notice: Notice): String

    /** The line below it. */
    public fun text(notice: Notice): String
}

/** What a person can switch off by itself. */
public enum class NoticeChannel(internal val id: String, internal val importance: Int) {
    /** Which methods work here, at the door of a store. */
    DOOR("tillsight_door", NotificationManager.IMPORTANCE_DEFAULT),

    /** What became of payments and deposits. */
    MONEY("tillsight_money", NotificationManager.IMPORTANCE_DEFAULT),
    ;

    internal companion object {
        fun of(kind: NoticeKind): NoticeChannel = if (kind == NoticeKind.AT_THE_DOOR) DOOR else MONEY
    }
}

/**
 * Posts notices as the phone's notifications. A later one about the same takes the place of the earlier one, and a tap
 * opens the app. What it says is not shown on a locked screen where the person has said so for sensitive contents.
 *
 * @param icon the app's small icon, a drawable.
 */
public class NoticePoster(private val context: Context, private val icon: Int, private val text: NoticeText) {
    private val manager = context.getSystemService(NotificationManager::class.java)

    /** Posts one; false where the person does not allow it: [Permissions.notifications] says why. */
    public fun post(notice: Notice): Boolean {
        if (manager == null || Permissions(context).notifications() != PermissionState.READY) return false
        val channel = NoticeChannel.of(notice.kind)
        // Made anew it stays as the person set it, and takes the name of the language of now.
        manager.createNotificationChannel(NotificationChannel(channel.id, text.channel(channel), channel.importance))
        manager.notify(notice.id, 0, drawn(notice, channel))
        return true
    }

    private fun drawn(notice: Notice, channel: NoticeChannel): Notification =
        Notification.Builder(context, channel.id)
            .setSmallIcon(icon)
            .setContentTitle(text.title(notice))
            .setContentText(text.text(notice))
            .setStyle(Notification.BigTextStyle().bigText(text.text(notice)))
            .setWhen(notice.atMs)
            .setShowWhen(true)
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setAutoCancel(true)
            .setContentIntent(opens())
            .build()

    /** Null where the app has nothing to launch. */
    private fun opens(): PendingIntent? =
        context.packageManager.getLaunchIntentForPackage(context.packageName)?.let {
            PendingIntent.getActivity(context, 0, it, PendingIntent.FLAG_IMMUTABLE)
        }
}
