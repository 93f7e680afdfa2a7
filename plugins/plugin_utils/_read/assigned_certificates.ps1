# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Asks the management module of Lync Server 2013 or Skype for Business Server 2015 which certificates are assigned on this computer. It changes nothing.
# The seconds that the module has for it are in $patience, set by a line before this text: it loads slowly, and hangs where the central
# store does not answer. Its value is one text: a JSON document, gzipped, in base64, between two marks.
# PowerShell 3.0 and .NET 4.0 have everything used here but Get-CsCertificate, which is what this is for.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$invariant = [Globalization.CultureInfo]::get_InvariantCulture()
$longest = 1000  # characters of a text
$most = 100  # assignments, and errors, that are worth carrying

function ConvertTo-Text($Value) {  # a JSON string in printable ASCII
    if ($null -eq $Value) { return 'null' }
    $text = [string] $Value
    if ($text.get_Length() -gt $longest) { $text = $text.Substring(0, $longest) }
    '"' + [regex]::Replace($text, '[^ !#-\[\]-~]', { param($match) '\u{0:x4}' -f [int] [char] $match.get_Value() }) + '"'
}

function Get-Fact([scriptblock] $Fact) {  # nothing, if the host does not tell
    try { & $Fact } catch { $null }
}

function ConvertTo-Problem([string] $Stage, $Record, [string] $Message, [bool] $TimedOut) {
    $exception = 'null'
    $identifier = 'null'
    $hresult = 'null'
    if ($null -ne $Record) {
        $thrown = $Record.Exception
        for ($depth = 0; $depth -lt 16; $depth++) {  # what was thrown first, without the wrappers that PowerShell adds
            $inner = $thrown.get_InnerException()
            if ($null -eq $inner) { break }
            $thrown = $inner
        }
        $number = [long] [Runtime.InteropServices.Marshal]::GetHRForException($thrown) -band 4294967295
        $hresult = $number.ToString($invariant)
        $exception = ConvertTo-Text $thrown.GetType().get_FullName()
        $identifier = ConvertTo-Text (Get-Fact { $Record.FullyQualifiedErrorId })
        $Message = $thrown.get_Message()
    }
    '{"stage":"' + $Stage + '","message":' + (ConvertTo-Text $Message) + ',"exception":' + $exception + ',"identifier":' + $identifier +
        ',"hresult":' + $hresult + ',"timed_out":' + $(if ($TimedOut) { 'true' } else { 'false' }) + '}'
}

function ConvertTo-Assignment($Reference) {
    $thumbprint = Get-Fact { $Reference.Thumbprint }
    $use = Get-Fact { $Reference.Use }
    '{"use":' + (ConvertTo-Text ([string] $use)) + ',"thumbprint":' + (ConvertTo-Text ([string] $thumbprint)) +
        ',"issuer":' + (ConvertTo-Text (Get-Fact { $Reference.Issuer })) + ',"serial":' + (ConvertTo-Text (Get-Fact { $Reference.SerialNumber })) + '}'
}

# What can hang runs in a runspace of its own, so that this one can stop waiting. $progress says how far it came.
$question = {
    param($progress)
    [Threading.Thread]::get_CurrentThread().set_IsBackground($true)  # else PowerShell could not end before what hangs
    $found = @(Get-Module -ListAvailable -Name 'SkypeForBusiness', 'Lync')
    if ($found.Length -eq 0) { return }
    $progress['module'] = $found[0].Name
    $progress['stage'] = 'import'
    $ErrorActionPreference = 'Stop'  # a module that half loaded is not asked
    Import-Module -Name $found[0].Name
    $ErrorActionPreference = 'Continue'  # an error of one use leaves the others
    $progress['stage'] = 'call'
    Get-CsCertificate
}

function Read-Assigned {
    $progress = [hashtable]::Synchronized(@{ stage = 'module'; module = $null })
    $problems = @()
    $answers = @()
    $shell = [PowerShell]::Create([Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
    [void] $shell.AddScript($question.ToString()).AddArgument($progress)
    $nothing = [Activator]::CreateInstance([Management.Automation.PSDataCollection[psobject]])
    $output = [Activator]::CreateInstance([Management.Automation.PSDataCollection[psobject]])
    $nothing.Complete()
    $thrown = $null
    $ended = $false
    try {
        $waiting = $shell.BeginInvoke($nothing, $output)
        $ended = $waiting.get_AsyncWaitHandle().WaitOne($patience * 1000)
        if ($ended) { [void] $shell.EndInvoke($waiting) }
    } catch {
        $thrown = $_
    }
    $stage = $progress['stage']
    if (-not $ended -and $null -eq $thrown) {  # it is left alone: PowerShell would wait for a stop, and what hangs may never stop
        $seconds = ([long] $patience).ToString($invariant)
        $problems += ConvertTo-Problem $stage $null "It had not ended after $seconds seconds." $true
    } else {
        if ($null -eq $progress['module'] -and $null -eq $thrown) {
            $problems += ConvertTo-Problem 'module' $null 'No module Lync or SkypeForBusiness is installed.' $false
        }
        foreach ($record in $shell.Streams.Error) { if ($problems.Length -lt $most) { $problems += ConvertTo-Problem $stage $record '' $false } }
        if ($null -ne $thrown) { $problems += ConvertTo-Problem $stage $thrown '' $false }
        foreach ($answer in $output) { if ($answers.Length -lt $most -and $null -ne $answer) { $answers += ConvertTo-Assignment $answer } }
    }
    '{"module":' + (ConvertTo-Text $progress['module']) + ',"assigned":[' + ($answers -join ',') + '],"errors":[' + ($problems -join ',') + ']}'
}

$document = '{"format":1,"assignments":' + (Read-Assigned) + '}'
$bytes = [Text.Encoding]::get_ASCII().GetBytes($document)
$packed = [Activator]::CreateInstance([IO.MemoryStream])
$gzip = [Activator]::CreateInstance([IO.Compression.GZipStream], @($packed, [IO.Compression.CompressionMode]::Compress))
$gzip.Write($bytes, 0, $bytes.get_Length())
$gzip.Close()
'<<<lync.persistent_chat.assignments 1 ' + [Convert]::ToBase64String($packed.ToArray()) + ' lync.persistent_chat.assignments>>>'
